"""Pure rules of parties: names, pinyin, tables of divisions, what a resident types."""

from puhui.parties.rules.names import mask_name

__all__ = ["mask_name"]
