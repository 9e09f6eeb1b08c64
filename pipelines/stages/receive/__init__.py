"""Landing → archive: what lies in landing, and the receipt of every file that came."""
