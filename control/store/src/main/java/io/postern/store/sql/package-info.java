/// SQL behind the store interfaces.
package io.postern.store.sql;
