"""All benchmarks, one after the other: what `make bench` runs."""

from benchmarks import load

if __name__ == "__main__":
    load.main()
