package io.postern.store.sql;

import io.postern.store.Store;
import io.postern.store.StoreUnavailable;

/// A process that writes until somebody kills it, and says what the database acknowledged.
final class CrashWriter {
    private CrashWriter() {}

    public static void main(String[] arguments) {
        try (Store store = SqlStore.open(DatabaseAddress.parse(arguments[0]))) {
            String padding = "x".repeat(Integer.parseInt(arguments[2]));
            for (int i = 0; i < 100_000; i++) {
                String name = arguments[1] + "-" + i;
                store.write(s -> {
                    s.secrets().put(name, padding);
                    return true;
                });
                System.out.println("acknowledged " + name);
            }
        } catch (StoreUnavailable e) {
            System.out.println("refused: " + e.getMessage());
        }
    }
}
