package io.postern.connector.enroll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTreeTest {
    @TempDir
    Path folder;

    @Test
    void deletesAFolderWithAllThatIsInIt() throws IOException {
        Path tree = folder.resolve("tree");
        Files.createDirectories(tree.resolve("a/b"));
        Files.writeString(tree.resolve("a/b/file"), "x");

        FolderTree.delete(tree);
        FolderTree.delete(tree); // nothing there is nothing to do

        assertFalse(Files.exists(tree));
    }

    @Test
    void neverFollowsLinks() throws IOException {
        Path others = Files.createDirectory(folder.resolve("others"));
        Files.writeString(others.resolve("file"), "x");
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("to-others"), others);
        Files.createSymbolicLink(tree.resolve("to-nothing"), folder.resolve("nothing"));
        Path itself = Files.createSymbolicLink(folder.resolve("itself"), others);

        FolderTree.delete(tree);
        FolderTree.delete(itself);

        assertFalse(Files.exists(tree));
        assertFalse(Files.exists(itself, LinkOption.NOFOLLOW_LINKS));
        assertEquals("x", Files.readString(others.resolve("file")));
    }
}
