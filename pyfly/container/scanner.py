"""Component scanning: importing packages and registering the decorated classes found in them."""

import os
import pkgutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any

from pyfly.container.container import Container
from pyfly.container.definition import Origin
from pyfly.container.metadata import has_records, record, record_of
from pyfly.container.records import BeanRecord, GatheredRecord
from pyfly.kernel.collecting import collection_paused
from pyfly.kernel.diagnosis import Diagnosis, diagnose

# Folders of scripts that are run by their own tools, which an import would run at the wrong time.
_NO_PACKAGES = frozenset({"alembic", "migrations", "node_modules", "tests", "versions"})


# pathlib costs a start 5 ms.
_FRAMEWORK = os.path.dirname(os.path.dirname(__file__)) + os.sep  # noqa: PTH120


class ScanError(ImportError):
    """A module of a scanned package could not be imported."""

    def __init__(self, package: str, module: str, error: BaseException) -> None:
        """Say that importing *module* while scanning *package* raised *error*."""
        super().__init__(
            f"scanning '{package}' failed: cannot import '{module}': {type(error).__name__}: {error}"
        )
        self.package = package
        self.module = module
        self.error = error


def scan_package(
    package_name: str, container: Container, *, include: Sequence[str] = (), exclude: Sequence[str] = ()
) -> int:
    """Import *package_name* with all its sub-modules and register the decorated classes.

    Folders without ``__init__.py`` count as packages, except those named ``alembic``, ``migrations``,
    ``node_modules``, ``tests`` or ``versions`` and those that start with ``.`` or ``_``.

    Args:
        package_name: A package, or a plain module.
        container: Where the classes are registered.
        include: Globs of module names; when given, only these sub-modules are searched. Sub-packages
            are imported all the same, to find what is in them; *exclude* prevents that.
        exclude: Globs of module names that are not imported.

    Returns:
        How many classes were registered.

    Raises:
        ScanError: An ``ImportError`` that names the module which failed, with its cause.
    """
    with collection_paused():
        found: list[type] = []
        for module in [*_modules(package_name, include, exclude)]:
            decorated, others = _classes(module)
            found += (*decorated, *_gathered(module))
            container.overlooked += filter(_is_overlooked, others)
        for cls in found:
            container.register(cls)
            _auto_bind_interfaces(cls, container)
    return len(found)


def scan_module_classes(module: ModuleType) -> list[type]:
    """Return the decorated classes that are defined in *module*, in their order.

    Functions that are to be gathered, such as routes, become one class more.
    """
    return [*_classes(module)[0], *_gathered(module)]


def _classes(module: ModuleType) -> tuple[list[type], list[type]]:
    """Return the classes that are defined in *module*: those that are beans, and the others."""
    name, decorated, others = module.__name__, list[type](), list[type]()
    for cls in dict.fromkeys(member for member in vars(module).values() if isinstance(member, type)):
        if cls.__module__ == name:
            (decorated if _is_injectable(cls) else others).append(cls)
    return decorated, others


def _is_overlooked(cls: type) -> bool:
    """Say whether methods of *cls*, which is no bean, are decorated."""
    return any(type(each) is FunctionType and has_records(each) for each in vars(cls).values())


def _gathered(module: ModuleType) -> Iterator[type]:
    names: dict[FunctionType, str] = {}
    for name, member in vars(module).items():
        if type(member) is FunctionType and member.__module__ == module.__name__:
            names.setdefault(member, name)
    functions: dict[str, dict[str, Any]] = {}
    for function, name in names.items():
        said = record_of(function, GatheredRecord)
        if said is not None and said.stereotype:
            functions.setdefault(said.stereotype, {})[name] = staticmethod(function)
    for stereotype, members in functions.items():
        body = {"__module__": module.__name__, "__doc__": module.__doc__, **members}
        cls = type(module.__name__.rpartition(".")[2], (), body)
        # The name of a module is that of no class, and no two modules have the same.
        name = module.__name__ if len(functions) == 1 else f"{module.__name__}.{stereotype}"
        record(cls, BeanRecord, stereotype=stereotype, injectable=True, name=name)
        yield cls


def _is_injectable(cls: type) -> bool:
    said = record_of(cls, BeanRecord)
    return said is not None and said.injectable


def _auto_bind_interfaces(cls: type, container: Container) -> None:
    """Bind *cls* to the protocols and abstract bases that it inherits.

    Definitions are found by every base already; the binding keeps that true for programs that
    register the class again under another definition.
    """
    for base in cls.__mro__[1:]:
        if getattr(base, "_is_protocol", False) or getattr(base, "__abstractmethods__", None):
            container.bind(base, cls)


def _modules(package_name: str, include: Sequence[str], exclude: Sequence[str]) -> Iterator[ModuleType]:
    root = _imported(package_name, package_name)
    yield root
    if not hasattr(root, "__path__"):
        return
    for name in _submodules(root, exclude):
        if not include or _matches(name, include):
            yield _imported(package_name, name)


def _submodules(package: ModuleType, exclude: Sequence[str]) -> Iterator[str]:
    for name, is_package in sorted({*_listed(package), *_namespaces(package)}):
        if name.rpartition(".")[2] == "__main__" or _matches(name, exclude):
            continue
        yield name
        if is_package:
            yield from _submodules(_imported(package.__name__, name), exclude)


def _listed(package: ModuleType) -> Iterator[tuple[str, bool]]:
    for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        yield found.name, found.ispkg


def _namespaces(package: ModuleType) -> Iterator[tuple[str, bool]]:
    """Folders of modules without ``__init__.py``: Python imports them, ``pkgutil`` does not list them."""
    for folder in package.__path__:
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if _is_namespace(entry):
                    yield f"{package.__name__}.{entry.name}", True


def _is_namespace(folder: "os.DirEntry[str]") -> bool:
    name = folder.name
    if name in _NO_PACKAGES or name.startswith("_") or not name.isidentifier() or not folder.is_dir():
        return False
    with os.scandir(folder) as entries:
        names = {entry.name for entry in entries}
    return "__init__.py" not in names and any(each.endswith(".py") for each in names)


def _imported(package: str, name: str) -> ModuleType:
    try:
        return import_module(name)
    except ScanError:
        raise
    except Exception as error:
        raise ScanError(package, name, error) from error


def _matches(name: str, globs: Sequence[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)


@diagnose.register
def _explain_scan(failure: ScanError) -> Diagnosis:
    what = f"Scanning package '{failure.package}' failed: module '{failure.module}' cannot be imported."
    absent = failure.error.name if isinstance(failure.error, ModuleNotFoundError) else None
    if absent is not None and f"{failure.module}.".startswith(f"{absent}."):
        return Diagnosis(
            what,
            (f"There is no module {absent}.",),
            ("Correct scan_packages.", "Start where the module can be imported, or install its project."),
        )
    place = _place(failure.error)
    leave_out = (
        f"Leave the module out: take '{failure.package}' out of scan_packages."
        if failure.module == failure.package
        else f'Leave the module out: scan_exclude=["{failure.module}"].'
    )
    return Diagnosis(
        what,
        (f"{type(failure.error).__name__}: {failure.error} ({place})",),
        (f"Correct {place}.", leave_out),
    )


def _place(error: BaseException) -> str:
    """The file and line that raised *error*, frames of the framework and of the import system aside."""
    if isinstance(error, SyntaxError):
        return str(Origin(error.filename or "<unknown>", error.lineno or 0))
    place, framework, trace = "", _FRAMEWORK, error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not place or not file.startswith((framework, "<frozen")):
            place = str(Origin(file, trace.tb_lineno))
        trace = trace.tb_next
    return place
