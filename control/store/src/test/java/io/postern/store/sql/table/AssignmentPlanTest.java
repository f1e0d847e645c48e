package io.postern.store.sql.table;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.Secret;
import io.postern.store.Store;
import io.postern.store.TestDatabase;
import io.postern.store.sql.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is asked every few seconds must not cost a scan of all assignments, of which few have dates.
class AssignmentPlanTest {
    private static final int ROWS = 20_000;

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void findsEndsAndTurnsByIndex(TestDatabase kind) throws SQLException {
        try (TestDatabase.Opened opened = kind.create();
                Store store = opened.store();
                Connection database = connect(opened.address());
                Statement statement = database.createStatement()) {
            fill(statement);

            String ended = plan(
                    statement,
                    kind,
                    SqlAssignmentStore.ENDED.replace(":after", "1000000").replace(":until", "1000400"));
            String turns = plan(statement, kind, SqlAssignmentStore.NEXT_CHANGE.replace(":now", "1000000"));

            assertTrue(ended.contains("assignments_by_end"), ended);
            assertTrue(turns.contains("assignments_by_end"), turns);
            assertTrue(turns.contains("assignments_by_start"), turns);
            for (String plan : new String[] {ended, turns}) {
                assertFalse(plan.contains("Seq Scan on assignments") || plan.contains("SCAN assignments"), plan);
            }
            assertTrue(store.version() > 0);
        }
    }

    private static void fill(Statement statement) throws SQLException {
        statement.execute("INSERT INTO tenants (id, name, name_key, display_name, domain, domain_key, created)"
                + " VALUES ('t', 't', 't', 't', 't.example', 't.example', 0)");
        statement.execute("INSERT INTO service_principals (tenant, id, app_id, display_name, account_enabled,"
                + " assignment_required, tags, created) VALUES ('t', 'p', 'a', 'p', TRUE, TRUE, '', 0)");
        statement.execute(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ROWS + ") INSERT"
                        + " INTO"
                        + " assignments"
                        + " (tenant,"
                        + " id, principal_type,"
                        + " principal,"
                        + " resource,"
                        + " app_role,"
                        + " created,"
                        + " starts,"
                        + " ends)"
                        + " SELECT"
                        + " 't',"
                        + " 'id'"
                        + " || i,"
                        + " 'USER',"
                        + " 'u' ||"
                        + " i, 'p',"
                        + " 'r',"
                        + " 0, CASE"
                        + " WHEN"
                        + " i % 10"
                        + " = 0 THEN"
                        + " 100 *"
                        + " i END,"
                        + " CASE"
                        + " WHEN"
                        + " i % 10"
                        + " = 0 THEN"
                        + " 100 *"
                        + " i + 50"
                        + " END FROM"
                        + " n");
        statement.execute("ANALYZE");
    }

    private static String plan(Statement statement, TestDatabase kind, String query) throws SQLException {
        String explain = switch (kind) {
            case SQLITE -> "EXPLAIN QUERY PLAN ";
            case POSTGRESQL -> "EXPLAIN ";
        };
        var plan = new StringBuilder();
        try (ResultSet lines = statement.executeQuery(explain + query)) {
            ResultSetMetaData shape = lines.getMetaData();
            while (lines.next()) {
                plan.append(lines.getString(shape.getColumnCount())).append('\n');
            }
        }
        return plan.toString();
    }

    private static Connection connect(DatabaseAddress address) throws SQLException {
        return switch (address) {
            case DatabaseAddress.Sqlite(var file) -> DriverManager.getConnection("jdbc:sqlite:" + file);
            case DatabaseAddress.PostgreSql(String url, var user, var password) ->
                DriverManager.getConnection(
                        url, user.orElse(""), password.map(Secret::reveal).orElse(""));
        };
    }
}
