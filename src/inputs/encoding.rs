//! From the bytes of a file to its text: UTF-8, its lines ended by LF or CR LF.

/// Why bytes are no text that is read here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EncodingError {
    /// They begin as a compressed file does.
    #[error("the file is compressed ({name})")]
    Compressed {
        /// By what.
        name: &'static str,
        /// What unpacks it.
        unpack: &'static str,
    },
    /// Two bytes for each character.
    #[error("the text is in UTF-16")]
    Utf16,
    /// Anything else but UTF-8.
    #[error("byte {} is not UTF-8", .at + 1)]
    NotUtf8 {
        /// Which byte is the first, from 0.
        at: usize,
    },
    /// There is a CR at the end of each line, and no LF.
    #[error("the lines end in CR alone")]
    CarriageReturns,
}

/// How compressed files begin, what they are called and what unpacks them.
const COMPRESSED: [(&[u8], &str, &str); 5] = [
    (b"\x1f\x8b", "gzip", "gunzip"),
    (b"BZh", "bzip2", "bunzip2"),
    (b"\xfd7zXZ", "xz", "unxz"),
    (b"\x28\xb5\x2f\xfd", "zstd", "unzstd"),
    (b"PK\x03\x04", "zip", "unzip"),
];

impl EncodingError {
    /// What to do about it.
    #[must_use]
    pub fn remedy(self) -> String {
        match self {
            Self::Compressed { unpack, .. } => format!("unpack it first: {unpack} FILE"),
            Self::Utf16 => {
                "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > NEW, or what your editor calls \
                 the encoding"
                    .to_owned()
            }
            Self::NotUtf8 { .. } => {
                "save it as UTF-8; if it is Latin-1: iconv -f LATIN1 -t UTF-8 FILE > NEW".to_owned()
            }
            Self::CarriageReturns => {
                r"end its lines as others do: tr '\r' '\n' < FILE > NEW".to_owned()
            }
        }
    }
}

/// The text that the bytes of a file are.
///
/// # Errors
/// If they are compressed, in another encoding than UTF-8, or a text without a single LF whose lines end in CR.
pub fn text(bytes: Vec<u8>) -> Result<String, EncodingError> {
    check_beginning(&bytes)?;
    let text = String::from_utf8(bytes).map_err(|error| EncodingError::NotUtf8 {
        at: error.utf8_error().valid_up_to(),
    })?;
    if text.contains('\r') && !text.contains('\n') {
        return Err(EncodingError::CarriageReturns);
    }
    Ok(text)
}

/// Whether the first bytes of a file are those of another kind of file.
pub(super) fn check_beginning(bytes: &[u8]) -> Result<(), EncodingError> {
    let compressed = COMPRESSED
        .iter()
        .find(|(magic, _, _)| bytes.starts_with(magic));
    if let Some(&(_, name, unpack)) = compressed {
        return Err(EncodingError::Compressed { name, unpack });
    }
    if is_utf16(bytes) {
        return Err(EncodingError::Utf16);
    }
    Ok(())
}

/// By its mark, or by a zero in every other of the first bytes, where a text in UTF-8 has none.
fn is_utf16(bytes: &[u8]) -> bool {
    let zeros = |from: usize| {
        let every_other = bytes.iter().take(16).skip(from).step_by(2);
        bytes.len() >= 4 && every_other.copied().all(|byte| byte == 0)
    };
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || zeros(0) || zeros(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_8_is_read_whatever_ends_its_lines_but_cr_alone() {
        for good in [
            "",
            "a",
            "a = 1\nb = \"\u{fc}\"\n",
            "0\t1\r\n1\t0\r\n",
            "\u{feff}x\n",
        ] {
            assert_eq!(text(good.as_bytes().to_vec()).as_deref(), Ok(good));
        }
        let old = text(b"a = 1\rb = 2\r".to_vec());
        assert_eq!(old, Err(EncodingError::CarriageReturns));
    }

    #[test]
    fn what_is_no_text_is_named_with_what_helps() {
        let utf16 =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let big =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
        for (bytes, help) in [
            (b"\x1f\x8b\x08\x00".to_vec(), "gunzip"),
            (b"PK\x03\x04".to_vec(), "unzip"),
            (utf16("\u{feff}seed = 1"), "UTF-16"),
            (utf16("seed = 1"), "UTF-16"),
            (big("\u{feff}seed = 1"), "UTF-16"),
            (big("seed = 1"), "UTF-16"),
            (b"title = \"\xfcber\"\n".to_vec(), "LATIN1"),
        ] {
            let error = text(bytes.clone()).expect_err("no text");
            assert!(error.remedy().contains(help), "{bytes:?}: {error}");
        }
        assert_eq!(
            text(b"ab\xfc".to_vec()),
            Err(EncodingError::NotUtf8 { at: 2 })
        );
    }
}
