/// The page of tiles from which users start their applications.
package io.postern.admin.myapps;
