"""Everything an installation keeps, in a folder that any other installation can be made from.

Rows as lines of JSON, whatever the database; files under the names of their content; a manifest
with the checksums of both. The index is not in it: it is built from them.
"""
