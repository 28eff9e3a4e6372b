"""What the tests of moving widgets share with those of pictures: what is displayed is collected."""

from tests.draw.conftest import displayed, live, static  # noqa: F401
