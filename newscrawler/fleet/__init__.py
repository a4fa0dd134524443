"""Many papers on many machines: each unit of work is a bounded crawl, protected by leases in a
depot.

A *depot* is a folder or a bucket. It has a lease for each lane, and the archive of each paper: a
whole file, the pages that changed since, and a manifest for each version. The machine that uploads
a version first has made it; a second one is refused (fenced).
"""
