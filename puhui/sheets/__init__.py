"""Spreadsheets in and out: columns declared once, read with every error named, written safely."""
