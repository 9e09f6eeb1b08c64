"""All benchmarks, one after the other, for `make bench`. Arguments are those of Giving Day."""

import sys

from benchmarks import giving_day, load

if __name__ == "__main__":
    load.main([])
    sys.exit(giving_day.main())
