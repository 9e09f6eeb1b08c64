"""All benchmarks, one after the other: what `make bench` runs. Arguments are Giving Day's."""

import sys

from benchmarks import giving_day, load

if __name__ == "__main__":
    load.main([])
    sys.exit(giving_day.main())
