#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chordsim_fuzz::part(data));
