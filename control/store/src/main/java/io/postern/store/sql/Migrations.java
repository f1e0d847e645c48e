package io.postern.store.sql;

import io.postern.store.StoreUnavailable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;

/// Brings the tables to this program's version by numbered scripts, the same for both databases. Scripts
/// are never edited once released; a mistake is mended by the next number.
final class Migrations {
    /// Number of the newest script.
    static final int LATEST = 34;

    private static final String SCRIPTS = "classpath:io/postern/store/migrations";

    private Migrations() {}

    /// @param placeholders what the databases spell differently
    /// @throws StoreUnavailable when the database is newer than this program
    static void run(DataSource database, DatabaseAddress address, Map<String, String> placeholders) {
        if (isCurrent(database)) {
            return; // Flyway would take a good part of the start to find out the same
        }
        Flyway flyway = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(database)
                .locations(SCRIPTS)
                .failOnMissingLocations(true)
                .table("schema_history")
                .placeholders(placeholders)
                .load();
        refuseNewer(flyway, address);
        flyway.migrate();
    }

    private static boolean isCurrent(DataSource database) {
        try (Connection connection = database.getConnection()) {
            return newest(connection) == LATEST;
        } catch (SQLException e) {
            throw new IllegalStateException("no connection", e);
        }
    }

    /// Number of the newest script that ran; zero where Flyway must look closer, and knows what to do or say.
    private static int newest(Connection connection) {
        try (Statement statement = connection.createStatement();
                ResultSet scripts = statement.executeQuery("SELECT version, success FROM schema_history")) {
            int newest = 0;
            while (scripts.next()) {
                if (!scripts.getBoolean("success")) {
                    return 0;
                }
                newest = Math.max(newest, Integer.parseInt(scripts.getString("version")));
            }
            return newest;
        } catch (SQLException | NumberFormatException e) {
            return 0;
        }
    }

    private static void refuseNewer(Flyway flyway, DatabaseAddress address) {
        MigrationInfo[] all = flyway.info().all();
        MigrationVersion known = Arrays.stream(all)
                .filter(m -> m.getState().isResolved() && m.getVersion() != null)
                .map(MigrationInfo::getVersion)
                .max(MigrationVersion::compareTo)
                .orElseThrow();
        Arrays.stream(all)
                .filter(m -> m.getState().isApplied() && m.getVersion() != null)
                .map(MigrationInfo::getVersion)
                .max(MigrationVersion::compareTo)
                .filter(applied -> applied.compareTo(known) > 0)
                .ifPresent(applied -> {
                    throw new StoreUnavailable("database " + address + " has schema version " + applied
                            + " but this program knows versions up to " + known
                            + " only; start the newer Postern that wrote it, or restore the backup made before the"
                            + " upgrade");
                });
    }
}
