package io.postern.translate;

/// Moves paths from one folder to another, on whole segments.
final class Folders {
    private Folders() {}

    /// @param folder begins and ends with `/`; its own path without the last slash lies in it as well
    static boolean holds(String folder, String path) {
        return path.startsWith(folder) || (path.length() == folder.length() - 1 && folder.startsWith(path));
    }

    /// @param path must lie in `from`
    static String move(String path, String from, String to) {
        if (path.length() < from.length()) {
            return to.length() == 1 ? to : to.substring(0, to.length() - 1);
        }
        return to + path.substring(from.length());
    }
}
