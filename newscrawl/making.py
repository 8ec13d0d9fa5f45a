"""Many items of one kind, as item loaders make them: in a fraction of the time."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import lru_cache
from types import FunctionType, MethodType
from typing import Any

from itemloaders import ItemLoader
from itemloaders.processors import Compose, Identity, MapCompose, TakeFirst
from itemloaders.utils import arg_to_iter, get_func_args

from newscrawl.loaders import line, lines, load

_Processor = Callable[[Any], Any]
_Processors = tuple[_Processor, _Processor, _Processor | None]  # of input, of output, and one for both; see `_of_one`
_ONE = str, int, datetime  # what is a single value for certain


class Maker:
    """Makes the items of a page by one class of loaders: each is what `load` makes, in a fraction of the time.

    The processors are asked of a loader once for its class, and what all items share is processed once. A class that
    does more than declare processors is left to `load`, and so is a value that one fails on: the error says which.
    """

    def __init__(self, loader_class: type[ItemLoader], shared: Mapping[str, Any]) -> None:
        """Make items that all have the fields and values *shared*, by processors that do not ask for the loader."""
        self._loader_class, self._shared = loader_class, shared
        self._processors = _processors(loader_class)  # type: ignore[arg-type]  # a class can be hashed
        self._filled_shared = self._filled(shared)

    def make(self, values: Mapping[str, Any]) -> Any:
        """Return the item of fields and values, none of them shared; a value of None is no value."""
        own, shared = self._filled(values), self._filled_shared
        if own is None or shared is None:
            return load(self._loader_class(), {**self._shared, **values})
        return self._loader_class.default_item_class(**shared, **own)

    def _filled(self, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return what the processors make of *values*, as the library does; None where it has to do so itself."""
        filled = {}
        try:
            for field, value in values.items():
                if value is None:
                    continue
                take, give, take_one = self._processors[field]
                if take_one and isinstance(value, _ONE):
                    given = take_one(value)
                else:
                    taken = take(arg_to_iter(value))
                    given = give([*arg_to_iter(taken)]) if taken else None
                if given is not None:
                    filled[field] = given
        except Exception:  # whatever it is, the library says of which field and value
            return None
        return filled


@lru_cache(maxsize=64)
def _processors(loader_class: type[ItemLoader]) -> Mapping[str, _Processors]:
    """Return the processors of each field; none for a class that does more than declare them."""
    loader = loader_class()
    names = [field.name for field in fields(loader.item) if field.init] if is_dataclass(loader.item) else []
    found = {name: (loader.get_input_processor(name), loader.get_output_processor(name)) for name in names}
    same = all(getattr(loader_class, name) is getattr(ItemLoader, name) for name in _MACHINERY)
    if not same or not all(_is_plain(processor) for both in found.values() for processor in both):
        return {}
    return {name: (take, give, _of_one(take, give)) for name, (take, give) in found.items()}


_MACHINERY = [name for name, value in vars(ItemLoader).items() if isinstance(value, FunctionType | property)]


def _is_plain(processor: _Processor) -> bool:
    """Return whether a processor sees its values alone, and neither the loader nor its context."""
    if isinstance(processor, Compose | MapCompose) and type(processor) in (Compose, MapCompose):
        return all(map(_is_plain, processor.functions))  # which are given the context where they ask for it
    return not isinstance(processor, MethodType) and "loader_context" not in get_func_args(processor)


def _of_one(take: _Processor, give: _Processor) -> _Processor | None:
    """Return what does with a single value, in one step, as these two do; None where that is not known."""
    if type(give) is TakeFirst:  # and no class made of it, which may do more
        if take is lines:
            return line
        if type(take) is Identity:
            return _unless_empty
    return None


def _unless_empty(value: Any) -> Any:
    return value if value != "" else None
