//! The file of refused rows: `row,reasons`, in the order of the import.

use anyhow::Result;
use std::fs::File;
use std::path::{Path, PathBuf};

pub struct Rejects(csv::Writer<File>);

pub fn path(file: &Path) -> PathBuf {
    file.with_extension("rejects.csv")
}

impl Rejects {
    /// Keeps the lines up to row `start`; later ones belong to a batch that never committed.
    pub fn open(file: &Path, start: u64) -> Result<Self> {
        let path = path(file);
        let mut kept = Vec::new();
        if start > 0 && path.exists() {
            for record in csv::Reader::from_path(&path)?.records() {
                let record = record?;
                if record
                    .get(0)
                    .and_then(|n| n.parse::<u64>().ok())
                    .is_some_and(|n| n <= start)
                {
                    kept.push(record);
                }
            }
        }
        let mut writer = csv::Writer::from_path(&path)?;
        writer.write_record(["row", "reasons"])?;
        for record in kept {
            writer.write_record(&record)?;
        }
        Ok(Self(writer))
    }

    pub fn write(&mut self, refused: &[(u64, String)]) -> Result<()> {
        for (number, reasons) in refused {
            self.0.write_record([&number.to_string(), reasons])?;
        }
        self.0.flush()?;
        Ok(())
    }
}
