/// How an application signs its users on at our identity provider: what an administrator sets (3.4, 7.2), and its form
/// as a document of plain maps, which the database, the API and declarations share.
package io.postern.domain.signon;
