/// Reads people and groups from a directory (Active Directory, OpenLDAP) for the service: whole, or what
/// changed. Where it is and by whose right it is read, only the connector's own file knows. Everything here
/// waits for the directory: for virtual threads of their own, never for an event loop.
@org.jspecify.annotations.NullMarked
package io.postern.connector.directory;
