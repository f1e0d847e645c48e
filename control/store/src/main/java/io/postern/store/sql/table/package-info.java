/// One class for each aggregate: SQL that both databases understand, and how rows become records. Each
/// lives within one transaction and knows nothing of connections.
package io.postern.store.sql.table;
