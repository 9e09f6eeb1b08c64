"""The tables of the warehouse, each declared once, and what is written from the declarations."""
