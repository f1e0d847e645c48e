/// What is kept: an interface for each aggregate, SQL on SQLite and PostgreSQL. Floor 3.
@org.jspecify.annotations.NullMarked
module io.postern.store {
    requires transitive io.postern.domain;
    requires java.sql;
    requires com.zaxxer.hikari;
    requires org.jdbi.v3.core;
    requires flyway.core;
    requires org.xerial.sqlitejdbc;
    requires org.postgresql.jdbc;
    requires static org.checkerframework.checker.qual; // annotations on the driver's classes, for javac only
    requires tools.jackson.databind;

    exports io.postern.store;
    exports io.postern.store.sql;
}
