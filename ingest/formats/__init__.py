"""Files as people hold them (DOCX, ODT, PDF, HTML, text) to one readable source text that a person can correct."""
