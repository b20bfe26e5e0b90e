#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chordsim_fuzz::churn_trace(data));
