"""Many papers on many machines: a bounded crawl as the unit of work, fenced by leases in a depot.

A *depot* is a folder or a bucket. It holds for each lane a lease and for each
paper its archive: a whole file, the pages that changed since, and one manifest
a version. Who shipped first has made the version; who comes second is fenced.
"""
