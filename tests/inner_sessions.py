"""What is the same in every inner session is looked up once by a worker, and not by each of a thousand sessions."""

import platform
import sys
import sysconfig
from functools import cache, partial
from importlib.metadata import Distribution
from types import FunctionType, ModuleType

import pluggy
from _pytest import hookspec
from _pytest.config.argparsing import OptionGroup
from _pytest.fixtures import FixtureFunctionDefinition, FixtureManager
from pytest_benchmark import plugin as benchmark_plugin
from pytest_benchmark.utils import get_project_name, in_any_parent

SITE_PACKAGES = sysconfig.get_path("purelib")


def remembered(read):
    """Reads what is installed once: each inner session would read it again, in 20 ms."""
    known = {}

    def get(subject):
        """Of a distribution, or of the name of one."""
        key = str(getattr(subject, "_path", subject))
        if key in known:
            return known[key]
        found = read(subject)
        if str(getattr(found, "_path", key)).startswith(SITE_PACKAGES):
            known[key] = found
        return found

    return get


for attribute in ("metadata", "entry_points", "files"):
    setattr(Distribution, attribute, property(remembered(getattr(Distribution, attribute).fget)))
Distribution.from_name = staticmethod(remembered(Distribution.from_name))


def scanned_once(parse):
    """Looks for fixtures in what an installed plugin is once: each inner session would go through all of its names."""
    without = set()

    def parsefactories(manager, *arguments, **options):
        holder = options.get("holder")
        kind = holder if isinstance(holder, type | ModuleType) else type(holder)
        if kind in without:
            return
        parse(manager, *arguments, **options)
        module = sys.modules.get(getattr(kind, "__module__", kind.__name__))
        is_installed = str(getattr(module, "__file__", "")).startswith(SITE_PACKAGES)
        if is_installed and not any(
            isinstance(getattr(kind, name, None), FixtureFunctionDefinition) for name in dir(kind)
        ):
            without.add(kind)

    return parsefactories


FixtureManager.parsefactories = scanned_once(FixtureManager.parsefactories)


_LISTED = set()
"""Modules of plugins that list their hooks and fixtures alone."""


def looked_up_once(look_up):
    """Looks up a plugin's hook, or the arguments of one, once: each inner session would, by all ways to write one."""
    of_plugins = cache(look_up)

    def get(subject, *names):
        module = sys.modules.get(subject.__module__) if isinstance(subject, FunctionType) else subject
        is_listed = isinstance(module, ModuleType) and module in _LISTED
        return of_plugins(subject, *names) if is_listed else look_up(subject, *names)

    return get


pluggy._manager._static_hook_attr = looked_up_once(pluggy._manager._static_hook_attr)
pluggy._impl.varnames = looked_up_once(pluggy._impl.varnames)


def compared_once(add):
    """Compares an option with all others once: each inner session would, and for naught once that none is the same."""
    alone = set()

    def addoption(group, *names, **attributes):
        if (group.name, names) in alone:
            group._addoption_inner(names, attributes, allow_reserved=False)
        else:
            add(group, *names, **attributes)
            alone.add((group.name, names))

    return addoption


OptionGroup.addoption = compared_once(OptionGroup.addoption)


def list_hooks_and_fixtures_alone(plugins):
    """Let the modules of plugins list nothing else: each inner session would go through all of their names."""
    for plugin in (*plugins, hookspec):
        if isinstance(plugin, ModuleType):
            names = [
                name
                for name in dir(plugin)
                if name.startswith("pytest_") or isinstance(getattr(plugin, name, None), FixtureFunctionDefinition)
            ]
            plugin.__dir__ = partial(list, names)
            _LISTED.add(plugin)


def within(marker, ask):
    """Asks a program for the name of a repository only inside one: each inner session would start it in vain."""

    def asked():
        if not in_any_parent(marker):
            raise OSError(marker)
        return ask()

    return asked


get_project_name.functions[:] = [
    within(marker, ask) for marker, ask in zip((".git", ".hg"), get_project_name.functions, strict=True)
]
platform.architecture = cache(platform.architecture)
read_cpu = cache(benchmark_plugin.get_cpu_info)
benchmark_plugin.get_cpu_info = lambda: {**read_cpu()}
