"""Puhui (普惠): the program on which a county runs its inclusive finance."""
