"""Tests of the package, with the program that CHORDSIM_PROGRAM names or that is installed."""
