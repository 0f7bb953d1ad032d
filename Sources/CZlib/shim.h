// zlib's inflate, visible to Swift.
#ifndef MAXNORM_CZLIB_SHIM_H
#define MAXNORM_CZLIB_SHIM_H

#define ZLIB_CONST
#include <zlib.h>

/// inflateInit2 is a macro, which Swift does not import. 31: the largest window, behind a gzip header.
static inline int maxnorm_inflate_gzip(z_streamp stream) { return inflateInit2(stream, 31); }

/// The same for bare deflate data, as a zip archive has them.
static inline int maxnorm_inflate_raw(z_streamp stream) { return inflateInit2(stream, -15); }

#endif
