// SQLite, visible to Swift.
#ifndef MAXNORM_CSQLITE_SHIM_H
#define MAXNORM_CSQLITE_SHIM_H

#include <sqlite3.h>

/// Opens what anybody may have written: sqlite3_db_config is variadic, which Swift does not import.
///
/// Nothing that the file itself defines is run with more than a reader's rights, and no value is longer
/// than `longest` bytes.
static inline void maxnorm_sqlite_distrust(sqlite3 *database, int longest) {
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
  sqlite3_limit(database, SQLITE_LIMIT_LENGTH, longest);
}

#endif
