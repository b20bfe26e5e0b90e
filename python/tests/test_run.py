"""Scenarios are run as the command line runs them."""

import datetime
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from unittest import mock

import numpy as np
import pandas as pd

import chordsim
from chordsim import _toml

from . import common

SMALL = 'duration = "10s"\noverlay = { nodes = 16 }\nworkload = { lookups_per_s = 5 }\n'


class Run(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="chordsim-tests-")
        self.addCleanup(self.folder.cleanup)
        self.here = pathlib.Path(self.folder.name)

    def test_a_file_is_run_as_by_the_command_line(self):
        file = self.here / "small.toml"
        file.write_text(SMALL, encoding="utf-8")
        command = [str(chordsim.program()), "run", "small.toml", "--no-plots", "--quiet", "--seed=7", "--repeat=2"]
        subprocess.run([*command, "--set", "chord.routing=successors"], cwd=self.here, check=True)
        ours = chordsim.run(file, chord__routing="successors", seed=7, repeat=2, jobs=1, out=self.here / "ours")
        theirs = chordsim.read(self.here / "results" / "small")
        self.assertEqual(list(ours), list(theirs))
        for name in ours:
            file = f"{name}.csv"
            self.assertEqual((ours.path / file).read_bytes(), (theirs.path / file).read_bytes(), file)

    def test_a_text_is_run_and_its_folder_goes_with_the_result(self):
        result = chordsim.run(SMALL)
        self.assertEqual(len(result.summary), 1)
        folder = result.path
        self.assertTrue(folder.is_dir())
        del result
        self.assertFalse(folder.exists())

    def test_a_text_may_change_and_keep_its_folder(self):
        out = self.here / "mine"
        first = chordsim.run(SMALL, out=out)
        self.assertEqual((first.name, len(first.summary)), ("mine", 1))
        again = chordsim.run(SMALL, out=out)
        self.assertEqual(again.manifest["runs"], first.manifest["runs"], "not run again")
        other = chordsim.run(SMALL.replace("16", "32"), out=out)
        self.assertEqual(other.summary.nodes_end.tolist(), [32])
        with self.assertRaisesRegex(chordsim.ChordsimError, "written anew"):
            first.lookups

    def test_keys_are_set_either_way_and_with_any_type(self):
        result = chordsim.run(
            SMALL,
            set={"chord.successors": np.int64(3), "overlay.ids": [*range(15), 99], "overlay.id_bits": 8},
            chord__stabilize_every=datetime.timedelta(seconds=1.5),
            network__constant={"latency": "20ms"},
            duration="5s",
            trace=True,
            audit=True,
        )
        scenario = result.scenario()
        self.assertEqual(scenario["chord"]["successors"], 3)
        self.assertEqual(scenario["chord"]["stabilize_every"], "1500ms")
        self.assertEqual(scenario["network"]["model"], {"constant": {"latency": "20ms"}})
        self.assertEqual(scenario["duration"], "5s")
        self.assertEqual(result.nodes.id.tolist(), [*range(15), 99])
        self.assertTrue({"trace", "audit"} <= {*result})
        with self.assertRaisesRegex(TypeError, "chord.routing is given twice"):
            chordsim.run(SMALL, set={"chord.routing": "fingers"}, chord__routing="fingers")

    def test_pictures_are_drawn_where_asked(self):
        chordsim.run(SMALL, plots=self.here / "plots")
        self.assertTrue(list((self.here / "plots").glob("*.svg")))

    def test_an_error_has_the_message_of_the_program(self):
        with self.assertRaises(chordsim.ChordsimError) as caught:
            chordsim.run(SMALL, chord__rooting="fingers")
        self.assertEqual(caught.exception.code, 2)
        self.assertIn("did you mean `routing`", str(caught.exception))
        self.assertNotIn("\x1b", str(caught.exception))
        with self.assertRaisesRegex(chordsim.ChordsimError, "cannot read nowhere.toml"):
            chordsim.run("nowhere.toml")
        with self.assertRaisesRegex(chordsim.ChordsimError, "cannot read --help"):
            chordsim.run("--help")

    def test_what_is_said_besides_is_shown_when_wanted(self):
        with mock.patch("sys.stderr") as stderr:
            chordsim.run(SMALL)
            stderr.write.assert_not_called()
            chordsim.run(SMALL, quiet=False)
            stderr.write.assert_called()

    def test_a_program_that_is_not_there_is_named(self):
        with mock.patch.dict(os.environ, {"CHORDSIM_PROGRAM": str(self.here / "none")}):
            with self.assertRaisesRegex(chordsim.ChordsimError, "CHORDSIM_PROGRAM names .*none"):
                chordsim.run(SMALL)
        with mock.patch.dict(os.environ, {"PATH": str(self.here)}):
            os.environ.pop("CHORDSIM_PROGRAM", None)
            with mock.patch("chordsim._program._installed", lambda: iter([self.here / "none"])):
                with self.assertRaisesRegex(chordsim.ChordsimError, "install this package from a wheel"):
                    chordsim.program()

    def test_the_module_is_the_program(self):
        command = [sys.executable, "-m", "chordsim"]
        said = subprocess.run([*command, "--version"], check=True, capture_output=True, encoding="utf-8")
        self.assertRegex(said.stdout, r"^chordsim \d")
        wrong = subprocess.run([*command, "check", "none.toml"], capture_output=True, check=False)
        self.assertEqual(wrong.returncode, 2)

    @unittest.skipUnless(os.name == "posix", "signals are of POSIX")
    def test_an_interrupt_ends_the_program_and_finished_runs_are_kept(self):
        out = self.here / "long"
        # Two runs of which the first is over at once and the second would take hours.
        text = f'sample = "10d"\n{SMALL}[sweep]\nduration = ["1s", "3000d"]\n'
        code = f"import chordsim\nchordsim.run({text!r}, jobs=1, out={str(out)!r})\n"
        process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE)
        # A finished run is kept by the digest of what decides it.
        finished = f".parts/{'[0-9a-f]' * 64}"
        while process.poll() is None and not list(out.glob(finished)):
            time.sleep(0.02)
        # To Python alone, as a notebook's button may do.
        process.send_signal(signal.SIGINT)
        self.assertIn(b"KeyboardInterrupt", process.communicate(timeout=60)[1])
        self.assertTrue(list(out.glob(finished)))
        with self.assertRaisesRegex(chordsim.ChordsimError, "not complete"):
            chordsim.read(out)


class Toml(unittest.TestCase):
    def test_values_are_written_as_a_scenario_reads_them(self):
        for given, written in [
            ("fingers", '"fingers"'),
            ('a"b\\c\n\x7fß', '"a\\"b\\\\c\\n\\u007fß"'),
            (True, "true"),
            (np.bool_(False), "false"),
            (2**64 - 1, "18446744073709551615"),
            (np.uint64(2**64 - 1), "18446744073709551615"),
            (0.1, "0.1"),
            (np.float64(1e-7), "1e-07"),
            ([1, 2.5], "[1, 2.5]"),
            (np.array([1, 2]), "[1, 2]"),
            (range(2), "[0, 1]"),
            ({"a": 1, "b.c": {}}, '{ a = 1, "b.c" = {  } }'),
            (datetime.timedelta(milliseconds=1), '"1000000ns"'),
            (pd.Timedelta(1, "ns"), '"1ns"'),
            (pathlib.PurePosixPath("a/b"), '"a/b"'),
        ]:
            self.assertEqual(_toml.value(given), written)
        for nothing in (None, object(), {1, 2}):
            with self.assertRaises(TypeError):
                _toml.value(nothing)

    def test_the_program_understands_them(self):
        name = 'quotes " and \\ and ß, and a = b'
        result = chordsim.run(SMALL, title=name)
        self.assertEqual(result.manifest["plan"]["title"], name)


if __name__ == "__main__":
    unittest.main()
