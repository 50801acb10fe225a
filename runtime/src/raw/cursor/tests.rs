use super::*;
use crate::raw::TextColumn;

fn padded(text: &[u8]) -> Vec<u8> {
    let mut bytes = text.to_vec();
    bytes.push(b'\n');
    // What lies behind the end must not matter; a quote would end a string that runs over.
    bytes.resize(bytes.len() + PAD, b'"');
    bytes
}

fn read(text: &[u8]) -> (Result<(), Stop>, String, usize) {
    let bytes = padded(text);
    let mut cursor = Cursor::new(Chunk::new(&bytes, text.len() + 1).unwrap(), 0).unwrap();
    let mut column = TextColumn::default();
    column.push(0, "before").unwrap();
    let result = cursor.string_into(&mut column, 1);
    (result, column.last().to_owned(), cursor.position())
}

#[test]
fn chunks_end_in_a_line_feed_and_padding() {
    assert!(Chunk::new(&[0; PAD], 0).is_some());
    assert!(Chunk::new(&[0; PAD + 1], 1).is_none());
    assert!(Chunk::new(&[b'\n'; PAD], 1).is_none());
    assert!(Chunk::new(&[b'\n'; PAD + 1], 1).is_some());
    assert!(Chunk::new(&[b'\n'; 3], 9).is_none());
}

#[test]
fn strings_of_every_length_end_at_their_quote() {
    for len in 0..100 {
        for c in ["a", "é", "😀"] {
            let text = c.repeat(len);
            let (result, read, at) = read(format!("{text}\",").as_bytes());
            assert_eq!((result, read, at), (Ok(()), text.clone(), text.len() + 1));
        }
    }
}

#[test]
fn escapes_are_read_anywhere() {
    for len in 0..40 {
        let (before, after) = ("a".repeat(len), "b".repeat(40 - len));
        let text = format!(r#"{before}\" \\ \/ \b\f\n\r\t \u00e9 \ud83d\ude00 \u0000{after}""#);
        let expected = format!("{before}\" \\ / \u{8}\u{c}\n\r\t é 😀 \0{after}");
        let (result, read, _) = read(text.as_bytes());
        assert_eq!((result, read), (Ok(()), expected));
    }
}

#[test]
fn faults_leave_the_column_as_it_was() {
    for text in
        ["", "open", r"\x", r"\", r"\u12", r"\u12g4", r"\ud83d", r#"\ud83d""#, r"\ud83dA", r"\ude00", "a\tb\"", "a\0\""]
    {
        let (result, read, at) = read(text.as_bytes());
        assert_eq!((result, read.as_str()), (Err(Stop::MalformedJson), "before"), "{text}");
        assert!(at <= text.len());
    }
    for bytes in [b"\xFF\"".as_slice(), b"a\xC3\"", b"\xED\xA0\x80\"", b"\xC0\x80\"", b"\\n\xE2\x82\""] {
        let (result, read, _) = read(bytes);
        assert_eq!((result, read.as_str()), (Err(Stop::InvalidUtf8), "before"), "{bytes:?}");
    }
}

#[test]
fn no_step_goes_behind_the_last_line_feed() {
    let bytes = padded(b"");
    let chunk = Chunk::new(&bytes, 1).unwrap();
    assert!(Cursor::new(chunk, 1).is_none() && Cursor::new(Chunk::EMPTY, 0).is_none());
    let mut cursor = Cursor::new(chunk, 0).unwrap();
    // The padding holds quotes.
    assert!(!cursor.eat(b'"') && !cursor.eat(b'\n') && !cursor.eat_if(|_| true));
    cursor.advance(100);
    cursor.skip_plain();
    cursor.skip_line();
    assert!(!cursor.key(&KeyPattern::new("a").unwrap()));
    let mut column = TextColumn::default();
    assert_eq!(cursor.string_into(&mut column, 0), Err(Stop::MalformedJson));
    assert_eq!((cursor.position(), cursor.peek()), (0, b'\n'));
    assert_eq!(cursor.slice(0, 1), b"\n");
}

#[test]
fn keys_match_whole_or_not_at_all() {
    for name in ["a", "abc_def", "a_name_of_29_characters_xxxxxx"] {
        let key = KeyPattern::new(&name[..name.len().min(29)]).unwrap();
        let name = &name[..name.len().min(29)];
        for (text, is_key) in [
            (format!("\"{name}\":1"), true),
            (format!("\"{name}x\":1"), false),
            (format!("\"{name}\" :1"), false),
            (format!("\"{}\":1", &name[1..]), false),
            (format!("\"{name}"), false),
        ] {
            let bytes = padded(text.as_bytes());
            let mut cursor = Cursor::new(Chunk::new(&bytes, text.len() + 1).unwrap(), 0).unwrap();
            assert_eq!(cursor.key(&key), is_key, "{text}");
            assert_eq!(cursor.position(), if is_key { name.len() + 3 } else { 0 });
        }
    }
    assert!(KeyPattern::new(&"a".repeat(30)).is_none());
    assert!(KeyPattern::new("a\nb").is_none());
    assert!(KeyPattern::new("a\"b").is_none());
}
