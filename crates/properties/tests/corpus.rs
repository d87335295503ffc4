//! What is in `fuzz/corpus` holds: what fuzzing began with, and what it found.

use std::{fs, path::Path};

use countersign_properties::PROPERTIES;

#[test]
fn every_input_that_was_kept_holds() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for (name, property) in PROPERTIES {
        let inputs = fs::read_dir(corpus.join(name)).unwrap();
        let mut count = 0;
        for input in inputs {
            let input = input.unwrap().path();
            println!("{}", input.display());
            property(&fs::read(&input).unwrap());
            count += 1;
        }
        assert!(count > 0, "{name} has no corpus");
    }
}
