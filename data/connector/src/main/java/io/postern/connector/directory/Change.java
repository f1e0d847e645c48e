package io.postern.connector.directory;

import io.postern.connector.directory.DirectoryEntry.Members;
import java.util.Optional;

/// What is known of a changed object before it is read again.
///
/// @param isMoved it has another name or place, or may have
/// @param members when nothing but these has changed
record Change(String id, String dn, boolean isDeleted, boolean isMoved, Optional<Members> members) {}
