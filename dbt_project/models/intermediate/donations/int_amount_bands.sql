-- The bands of macros/giving/amount_bands.sql as rows.
{{ amount_band_rows() }}
