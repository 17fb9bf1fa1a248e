"""Pages that somebody else saved: files, folders, zip, tar and WARC; bytes in, pages out."""
