/// Makes the data plane's picture from what is stored, after each change.
package io.postern.admin.publish;
