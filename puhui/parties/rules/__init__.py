"""Pure rules of parties: names, pinyin, tables of divisions, what a resident types."""
