"""The pages' tests share the wheel of the package's tests."""

from tests.package.conftest import wheel

__all__ = ["wheel"]
