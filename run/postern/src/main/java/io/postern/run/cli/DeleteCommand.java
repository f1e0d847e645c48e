package io.postern.run.cli;

import picocli.CommandLine.Mixin;

/// Deletes one thing for good.
abstract class DeleteCommand extends Topic.Action {
    @Mixin
    private Name name = new Name();

    /// @param path of the thing in the API
    /// @param shown its kind and name, for people
    /// @param advice what is left to do afterwards; else empty
    record Doomed(String path, String id, String shown, String advice) {
        Doomed(String path, String id, String shown) {
            this(path, id, shown, "");
        }
    }

    /// Finds what is meant by the name that was typed.
    abstract Doomed find(Api api, Name wanted);

    @Override
    final void run(Api api, Screen screen) {
        Doomed doomed = find(api, name);
        api.delete(doomed.path());
        if (json()) {
            screen.json(Api.object().put("deleted", doomed.id()));
        } else {
            screen.line("Deleted " + doomed.shown() + ".");
            if (!doomed.advice().isEmpty()) {
                screen.line(doomed.advice());
            }
        }
    }
}
