"""Generates the packages of beans: the same classes for everybody, with each contender's own decorator."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

PER_MODULE: Final = 10
STYLES: Final = {
    "plain": ("", ""),
    "wireup": ("from wireup import injectable\n", "@injectable\n"),
    "pyfly": ("from pyfly.container import service\n", "@service\n"),
}
"""Style to the import that its decorator needs and the decorator."""


def package_name(style: str, size: int) -> str:
    """Return the name of the generated package of *size* beans in *style*."""
    return f"bench_beans_{style}_{size}"


def dependencies(index: int) -> tuple[int, ...]:
    """Return the beans that bean *index* needs; the first needs none."""
    return (index // 2, index // 3) if index else ()


def write_packages(directory: Path, sizes: Iterable[int]) -> None:
    """Write a package for each style and size below *directory*."""
    for size in sizes:
        for style in STYLES:
            package = directory / package_name(style, size)
            package.mkdir()
            (package / "__init__.py").write_text("", "utf-8")
            for first in range(0, size, PER_MODULE):
                indexes = range(first, min(first + PER_MODULE, size))
                (package / f"{_module(first)}.py").write_text(_beans(style, package.name, indexes), "utf-8")
        plain = package_name("plain", size)
        (directory / f"{plain}_wiring.py").write_text(_wiring(plain, size), "utf-8")


def _module(index: int) -> str:
    return f"beans{index // PER_MODULE:03}"


def _beans(style: str, package: str, indexes: range) -> str:
    needed = {other for index in indexes for other in dependencies(index)} - set(indexes)
    head, decorator = STYLES[style]
    imports = "".join(f"from {package}.{_module(other)} import Bean{other}\n" for other in sorted(needed))
    return head + imports + "".join(f"\n\n{decorator}{_bean(index)}" for index in indexes)


def _bean(index: int) -> str:
    if not index:
        return "class Bean0:\n    def __init__(self) -> None:\n        self.made = True\n"
    one, two = dependencies(index)
    return (
        f"class Bean{index}:\n"
        f"    def __init__(self, one: Bean{one}, two: Bean{two}) -> None:\n"
        "        self.one = one\n"
        "        self.two = two\n"
    )


def _wiring(package: str, size: int) -> str:
    return "\n".join((*_wiring_imports(package, size), "", "", *_wiring_function(size), ""))


def _wiring_imports(package: str, size: int) -> Iterator[str]:
    for first in range(0, size, PER_MODULE):
        names = ", ".join(f"Bean{index}" for index in range(first, min(first + PER_MODULE, size)))
        yield f"from {package}.{_module(first)} import {names}"


def _wiring_function(size: int) -> Iterator[str]:
    yield "def wire() -> list[object]:"
    for index in range(size):
        arguments = ", ".join(f"bean{other}" for other in dependencies(index))
        yield f"    bean{index} = Bean{index}({arguments})"
    yield f"    return [{', '.join(f'bean{index}' for index in range(size))}]"
