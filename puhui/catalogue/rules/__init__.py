"""Pure rules of the shelf: what a product must be like, what it costs, whom it fits."""

from puhui.catalogue.rules.products import HIGHEST_RATE_PPM as HIGHEST_RATE_PPM
from puhui.catalogue.rules.products import amount_words as amount_words
from puhui.catalogue.rules.products import per_ten_thousand_words as per_ten_thousand_words
from puhui.catalogue.rules.products import product_errors as product_errors
from puhui.catalogue.rules.products import rate_words as rate_words
from puhui.catalogue.rules.products import sort_key as sort_key
