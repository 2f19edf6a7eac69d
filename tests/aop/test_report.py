"""The report on what is advised."""

from pyfly.aop import AdvisedMethod, AspectReport, UnusedPointcut


def test_methods_are_sorted_by_bean_and_the_unused_come_last() -> None:
    report = AspectReport()
    report.add(AdvisedMethod("stock", "shop.Stock.count", ("before Log.first",)))
    report.add(AdvisedMethod("orders", "shop.Orders.place", ("around Timing.measure", "after Log.last")))
    report.add(AdvisedMethod("orders", "shop.Orders.place", ("around Timing.measure", "after Log.last")))
    report.finish([UnusedPointcut("Log.never", "bean(x)", "shop/log.py:7")])
    assert str(report).splitlines() == [
        "orders: shop.Orders.place <- around Timing.measure, after Log.last",
        "stock: shop.Stock.count <- before Log.first",
        "the pointcut 'bean(x)' of Log.never (shop/log.py:7) matches no method of any bean",
    ]
    assert report.advice_on("orders", "place") == ("around Timing.measure", "after Log.last")
    assert report.advice_on("orders", "cancel") == ()
