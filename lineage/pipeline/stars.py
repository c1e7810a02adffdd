"""What hangs together, found on a cluster by turning every tangle of links into a star.

Alternating large-star and small-star (Kiveris and others, "Connected Components in MapReduce and Beyond", 2014). Every
step is one grouping; their number grows with the square of the logarithm of the longest path.
"""

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lineage import cluster

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def parts(
    session: "SparkSession", pairs: NDArray[np.int32], probabilities: NDArray[np.float64], articles: int, most: int
) -> NDArray[np.int32]:
    """For each article the first of those that pairs join it with, as `cluster.parts` finds it.

    What hangs together in more than `most` articles is taken apart by itself, with the links of its own alone.
    """
    label = np.arange(articles, dtype=np.int32)
    if not len(pairs):
        return label
    links = session.createDataFrame(pa.table({"u": pairs[:, 0], "v": pairs[:, 1]}))
    stars = starred(links).toArrow()
    label[stars.column("u").to_numpy()] = stars.column("v").to_numpy()
    sizes = np.bincount(label, minlength=articles)
    for root in np.flatnonzero(sizes > most).tolist():
        own = label[pairs[:, 0]] == root
        inside = np.flatnonzero(label == root)
        label[inside] = cluster.parts(pairs[own], probabilities[own], articles, most)[inside]
    return label


def starred(links: "DataFrame") -> "DataFrame":
    """Links (u, v) as stars: every node but the least of its component as u, that least one as v."""
    known = links.where("u <> v").distinct().checkpoint()
    while True:
        after = _small(_large(known)).checkpoint()
        if after.count() == known.count() and after.subtract(known).isEmpty():
            return after
        known = after


def _large(links: "DataFrame") -> "DataFrame":
    """Every neighbour greater than a node is tied to the least of the node and its neighbours."""
    from pyspark.sql import functions as f

    both = links.union(links.selectExpr("v", "u"))
    least = both.groupBy("u").agg(f.min("v").alias("m")).select("u", f.least("u", "m").alias("m"))
    return both.where("v > u").join(least, "u").selectExpr("v as u", "m as v").where("u <> v").distinct()


def _small(links: "DataFrame") -> "DataFrame":
    """A node and all its lesser neighbours are tied to the least of them."""
    from pyspark.sql import functions as f

    down = links.selectExpr("greatest(u, v) as u", "least(u, v) as v")
    least = down.groupBy("u").agg(f.min("v").alias("m"))
    tied = down.join(least, "u").selectExpr("v as u", "m as v").union(least.selectExpr("u", "m as v"))
    return tied.where("u <> v").distinct()
