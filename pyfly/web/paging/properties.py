"""The settings of paging."""

from typing import Annotated

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.bounds import Ge
from pyfly.kernel.record import Record


@config_properties("pyfly.web.paging")
class PagingProperties(Record, kw_only=True):
    """How ``Pageable``, ``Scroll`` and ``Sort`` are read from the query string."""

    page_parameter: Annotated[str, Doc("The parameter with the number of the page, from 1.")] = "page"
    size_parameter: Annotated[str, Doc("The parameter with the size of the page.")] = "size"
    after_parameter: Annotated[str, Doc("The parameter with the position that a Scroll goes on from.")] = (
        "after"
    )
    sort_parameter: Annotated[
        str, Doc("The parameter with properties to sort by: name, or name,desc; may be repeated.")
    ] = "sort"
    default_size: Annotated[int, Ge(1), Doc("The size of a page that is asked for without one.")] = 20
    max_size: Annotated[int, Ge(1), Doc("Larger sizes are refused with 400.")] = 100
    max_page: Annotated[int, Ge(1), Doc("Higher numbers of pages are refused with 400.")] = 1_000_000
    links: Annotated[bool, Doc("Tell with a Link header where the other pages are.")] = True
    max_orders: Annotated[int, Ge(1), Doc("How many properties a request may sort by.")] = 8
