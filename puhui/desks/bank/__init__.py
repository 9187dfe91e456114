"""The bank desk: five lists, cases, all engagements, roster, products."""
