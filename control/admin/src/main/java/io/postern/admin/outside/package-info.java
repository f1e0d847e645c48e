/// Documents of strangers, fetched because an administrator named their address.
package io.postern.admin.outside;
