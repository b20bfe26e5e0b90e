"""What is read is what was written, with the right types."""

import csv
import json
import pickle
import shutil
import sys
import unittest
from pathlib import Path
from unittest import mock

import pandas as pd

import chordsim
from chordsim import _types

from . import common


def cells(file: Path):
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    return rows[0], rows[1:]


class Types(unittest.TestCase):
    def test_every_file_is_read_and_every_column_has_a_type(self):
        seen = set()
        for result in (common.rich(), common.threshold()):
            for name in result:
                header, rows = cells(result.path / f"{name}.csv")
                frame = result[name]
                self.assertEqual((list(frame.columns), len(frame)), (header, len(rows)), name)
                known = _types.columns(f"{name}.csv")
                untyped = [c for c in header if c not in known and c not in _types.leading(header)]
                self.assertEqual(untyped, [], f"{name}.csv: columns that nothing is known of")
                seen.add(name)
        self.assertEqual({f"{name}.csv" for name in seen}, {*_types.catalogue()["files"], "aggregate.csv"})
        self.assertGreater(len(common.rich().trace), 1000)
        self.assertGreater(len(common.rich().audit), 0)

    def test_every_cell_says_what_stands_in_the_file(self):
        result = common.rich()
        for name in result:
            header, rows = cells(result.path / f"{name}.csv")
            frame = result[name]
            for place, column in enumerate(header):
                series, written = frame[column], [row[place] for row in rows]
                self.assertEqual(list(series.isna()), [cell == "" for cell in written], f"{name}.{column}")
                there = [(value, cell) for value, cell in zip(series, written) if cell != ""]
                wrong = [pair for pair in there if not self.same(*pair)]
                self.assertEqual(wrong, [], f"{name}.{column}: {series.dtype}")

    @staticmethod
    def same(value, cell):
        if isinstance(value, str):
            return value == cell
        if isinstance(value, pd.Timedelta):
            return f"{value.total_seconds():g}s" == cell
        if str(value) in ("True", "False"):
            return str(value).lower() == cell
        if isinstance(value, float) and not cell.isdigit():
            return value == float(cell)
        return value == int(cell)

    def test_types_are_those_of_the_catalogue(self):
        rich = common.rich()
        types = {
            ("lookups", "key"): "UInt64",
            ("lookups", "source_id"): "UInt64",
            ("lookups", "seed"): "UInt64",
            ("lookups", "hops"): "Int64",
            ("lookups", "latency_ms"): "float64",
            ("lookups", "outcome"): "category",
            ("lookups", "reason"): "category",
            ("nodes", "selfish"): "bool",
            ("nodes", "messages_in"): "int64",
            ("operations", "label"): "string",
            ("fingerprints", "fingerprint"): "string",
            ("summary", "lookups"): "Int64",
            ("summary", "hops_mean"): "float64",
            ("summary", "fraction"): "float64",
            ("summary", "stabilize_every"): "timedelta64[ns]",
            ("summary", "routing"): "category",
            ("aggregate", "runs"): "int64",
            ("aggregate", "lookups_mean"): "float64",
        }
        found = {(table, column): str(rich[table][column].dtype) for table, column in types}
        self.assertEqual(found, types)
        # As they were swept, not by the alphabet; departures also where nobody left.
        self.assertEqual(list(rich.summary.routing.cat.categories), ["successors", "fingers"])
        self.assertEqual(list(rich.nodes.departure.cat.categories), ["leave", "crash"])

    def test_ids_are_exact_and_differences_of_counts_signed(self):
        ids = [2**64 - 1, 2**53 + 1]
        lookups = pd.Series([str(number) for number in ids])
        with self.altered("lookups", lambda rows: rows.update(key=lookups, source_id=lookups, hops=["0", "3"])) as result:
            self.assertEqual(list(result.lookups.key), ids)
            self.assertEqual(list(result.lookups.source_id), ids)
            self.assertEqual(list(result.lookups.hops - 1), [-1, 2])

    def test_words_that_look_like_nothing_are_words(self):
        names = ["NA", "null"]
        with self.altered("operations", lambda rows: rows.update(label=names, outcome=["nan", "stored"])) as result:
            self.assertEqual(list(result.operations.label), names)
            # A word of another version is kept, too.
            self.assertEqual(list(result.operations.outcome), ["nan", "stored"])

    def test_a_column_of_another_version_is_a_number_or_text(self):
        with self.altered("nodes", lambda rows: rows.update(weight=["0.5", ""], mood=["fine", "7"])) as result:
            self.assertEqual(result.nodes.weight.fillna(-1).tolist(), [0.5, -1])
            self.assertEqual(result.nodes.mood.tolist(), ["fine", "7"])

    def altered(self, name, change):
        """The rich result with the first two rows of a table, changed."""
        return Altered(name, change)

    def test_swept_values_have_their_type(self):
        def swept(cells, key, values):
            return _types.swept(pd.Series(cells, dtype="string"), key, values)

        large = swept(["1", str(2**64 - 1)], "seed", [])
        self.assertEqual((str(large.dtype), large[1]), ("UInt64", 2**64 - 1))
        self.assertEqual(swept(["256", "1024"], "overlay.nodes", []).dtype, "int64")
        self.assertEqual(swept(["0", "0.25"], "selfish.fraction", []).tolist(), [0, 0.25])
        self.assertEqual(swept(["true", "false"], "storage.handover", []).tolist(), [True, False])
        # "off" is no duration, and a file may be called anything.
        periods = swept(["30s", "off"], "chord.stabilize_every", ["off", "30s"])
        self.assertEqual(list(periods.cat.categories), ["off", "30s"])
        self.assertEqual(list(swept(["5m"], "workload.keys_file", ["5m"]).cat.categories), ["5m"])
        self.assertEqual(list(swept(["7"], "workload.keys_file", ["7"]).cat.categories), ["7"])
        self.assertEqual(list(swept(["7", None], "of.another.version", []).cat.categories), ["7"])
        self.assertEqual(_types.nanoseconds("1.5h"), 5_400_000_000_000)
        self.assertEqual(_types.nanoseconds(".5us"), 500)
        self.assertIsNone(_types.nanoseconds("1h30m"))

    def test_a_swept_key_does_not_hide_a_column(self):
        nodes = chordsim.run(common.THRESHOLD.split("[threshold]")[0] + "[sweep]\n\"overlay.nodes\" = [16, 32]\n",
                             output__timeline=True)
        self.assertEqual(nodes.summary["nodes"].tolist(), [16, 16, 32, 32])
        self.assertEqual(nodes.timeline["overlay.nodes"].unique().tolist(), [16, 32])
        self.assertEqual(nodes.timeline["nodes"].dtype, "int64")


class Altered:
    def __init__(self, name, change):
        self.name, self.change = name, change

    def __enter__(self):
        folder = common.folder() / f"altered-{self.name}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(common.rich().path, folder)
        file = folder / f"{self.name}.csv"
        header, rows = cells(file)
        columns = {column: [row[place] for row in rows[:2]] for place, column in enumerate(header)}
        self.change(columns)
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(zip(*columns.values()))
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for entry in manifest["files"]:
            if entry["name"] == file.name:
                entry["bytes"] = file.stat().st_size
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        return chordsim.read(folder)

    def __exit__(self, *_):
        return False


class Folder(unittest.TestCase):
    def test_a_result_is_a_mapping_that_reads_when_asked(self):
        result = chordsim.read(common.rich().path)
        self.assertEqual(result._kept, {})
        self.assertIs(result.summary, result["summary"])
        self.assertEqual(list(result._kept), ["summary"])
        self.assertIn("lookups", result)
        self.assertIn("lookups", dir(result))
        self.assertNotIn("threshold", dir(result))
        self.assertEqual(len(result), len(list(result)))
        self.assertNotEqual(result, chordsim.read(result.path))
        self.assertIn("16 runs; summary, aggregate", repr(result))
        self.assertEqual(result.name, "rich")
        self.assertEqual(result.manifest["plan"]["repeat"], 2)
        self.assertEqual(result.scenario()["chord"]["routing"], "successors")
        # Run 1 is the second repetition of the first combination.
        self.assertEqual(result.scenario(1), result.scenario(0))
        self.assertEqual(result.scenario(15)["chord"]["routing"], "fingers")
        with self.assertRaises(chordsim.ChordsimError):
            result.scenario(16)
        self.assertEqual(list(pickle.loads(pickle.dumps(result))), list(result))

    def test_some_columns_in_the_order_asked_for(self):
        frame = common.rich().table("lookups", columns=["hops", "run", "routing"])
        self.assertEqual(list(frame.columns), ["hops", "run", "routing"])
        whole = common.rich().lookups[["hops", "run", "routing"]]
        pd.testing.assert_frame_equal(frame, whole)
        with self.assertRaisesRegex(chordsim.ChordsimError, "no column hop; it has run, "):
            common.rich().table("lookups", columns=["hop"])

    def test_what_is_missing_says_how_to_get_it(self):
        result = common.threshold()
        for name, remedy in {
            "lookups": r'output\.lookups = "all", here run\(…, set=\{.output\.lookups.: .all.\}\)',
            "links": r"output\.links = true, here run\(…, set=\{.output\.links.: True\}\)",
            "trace": r'output\.trace = "all"',
        }.items():
            for ask in (lambda: getattr(result, name), lambda: result[name]):
                with self.assertRaisesRegex(chordsim.MissingTable, f"no {name}.csv: .*{remedy}"):
                    ask()
            self.assertFalse(hasattr(result, name))
            self.assertIsNone(result.get(name))
        with self.assertRaisesRegex(chordsim.MissingTable, r"where a scenario has a \[threshold\]"):
            common.rich().threshold
        with self.assertRaisesRegex(chordsim.MissingTable, "did you mean summary"):
            common.rich().sumary

    def test_what_is_said_to_give_a_file_gives_it(self):
        files = _types.catalogue()["files"]
        asks = [files[name]["ask"] for name in files if files[name]["ask"] and files[name]["ask"]["key"]]
        text = common.RICH.split("[output]")[0].split("[sweep]")[0]
        result = chordsim.run(text, set={ask["key"]: json.loads(ask["value"]) for ask in asks}, repeat=1)
        there = {f"{name}.csv" for name in result}
        self.assertEqual(there, {*files, "aggregate.csv"} - {"threshold.csv"})

    def test_folders_without_a_complete_result_are_named(self):
        folder = common.folder() / "other"
        with self.assertRaisesRegex(chordsim.ChordsimError, "there is no folder"):
            chordsim.read(folder)
        folder.mkdir()
        with self.assertRaisesRegex(chordsim.ChordsimError, "holds no results"):
            chordsim.read(folder)
        for text in ("{", "[]", "{}", '{"program": {"name": "other"}}'):
            (folder / "manifest.json").write_text(text, encoding="utf-8")
            with self.assertRaisesRegex(chordsim.ChordsimError, "no manifest of chordsim"):
                chordsim.read(folder)

    def test_damage_and_replacement_are_noticed(self):
        folder = common.folder() / "damaged"
        shutil.copytree(common.threshold().path, folder)
        result = chordsim.read(folder)
        with (folder / "summary.csv").open("a", encoding="utf-8") as file:
            file.write("x\n")
        with self.assertRaisesRegex(chordsim.ChordsimError, "was changed after it was written"):
            result.summary
        with (folder / "manifest.json").open("a", encoding="utf-8") as file:
            file.write("\n")
        with self.assertRaisesRegex(chordsim.ChordsimError, "written anew while it was read"):
            result.aggregate
        (folder / "aggregate.csv").unlink()
        with self.assertRaisesRegex(chordsim.ChordsimError, "cannot read .*aggregate.csv"):
            chordsim.read(folder).aggregate

    def test_names_in_a_manifest_lead_nowhere_else(self):
        folder = common.folder() / "leading"
        shutil.copytree(common.threshold().path, folder)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest["files"].append({"name": "../threshold/summary.csv", "bytes": 1})
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        result = chordsim.read(folder)
        with self.assertRaises(chordsim.MissingTable):
            result["../threshold/summary"]

    def test_without_pandas_it_is_said_what_to_install(self):
        result = chordsim.read(common.threshold().path)
        with mock.patch.dict(sys.modules, {"pandas": None}):
            with self.assertRaisesRegex(chordsim.ChordsimError, r"pip install 'chordsim\[pandas\]'"):
                result.summary
        self.assertEqual(result.manifest["program"]["name"], "chordsim")
