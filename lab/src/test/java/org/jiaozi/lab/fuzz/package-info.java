/** Tests of the fuzz targets: the committed corpora, that no reader is without a target, and Jazzer's minute for each family. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.lab.fuzz;
