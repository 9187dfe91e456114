"""The bulletin on paper: one layout as PDF, and a document that a word processor opens."""
