//! A future that is polled when it was woken, and not whenever its task was.
//!
//! A task that waits for several things polls all of them when one of them has news. For a connection that is every
//! request, while its timer goes off every few seconds and the port ends once: to ask those two each time would take
//! locks that all connections share.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::task::AtomicWaker;

/// See the module.
pub(super) struct Seldom<T> {
    future: Pin<Box<dyn Future<Output = T> + Send>>,
    call: Arc<Call>,
    /// The call as the future knows it.
    caller: Waker,
    /// The task that the call wakes.
    task: Option<Waker>,
}

/// What the future wakes in the place of its task.
#[derive(Default)]
struct Call {
    made: AtomicBool,
    task: AtomicWaker,
}

impl<T> Seldom<T> {
    /// Wraps a future, which is polled for the first time when this is.
    pub(super) fn new(future: impl Future<Output = T> + Send + 'static) -> Self {
        let call = Arc::new(Call { made: AtomicBool::new(true), task: AtomicWaker::new() });
        Self { future: Box::pin(future), caller: Arc::clone(&call).into(), call, task: None }
    }
}

impl<T> Future for Seldom<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let this = &mut *self;
        let task = context.waker();
        let known = this.task.as_ref().is_some_and(|known| known.will_wake(task));
        if known && !this.call.made.load(Ordering::Acquire) {
            return Poll::Pending;
        }
        // In this order: a call that is made from here on finds the task, and one made before is answered below.
        this.call.task.register(task);
        if !known {
            this.task = Some(task.clone());
        }
        if !this.call.made.swap(false, Ordering::AcqRel) {
            return Poll::Pending;
        }
        this.future.as_mut().poll(&mut Context::from_waker(&this.caller))
    }
}

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.made.store(true, Ordering::Release);
        self.task.wake();
    }
}

impl<T> fmt::Debug for Seldom<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seldom").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    use futures_util::task::noop_waker;
    use tokio::sync::oneshot;

    use super::*;

    /// Counts how often something happened.
    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Count {
        fn get(&self) -> usize {
            self.0.load(Ordering::Relaxed)
        }

        fn up(&self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.up();
        }
    }

    /// What is sent, and how often it was asked for.
    fn counted<T: Send + 'static>(mut receiver: oneshot::Receiver<T>) -> (Seldom<T>, Arc<Count>) {
        let polls = Arc::new(Count::default());
        let counter = Arc::clone(&polls);
        let future = poll_fn(move |context| {
            counter.up();
            Pin::new(&mut receiver).poll(context).map(Result::unwrap)
        });
        (Seldom::new(future), polls)
    }

    fn poll<T>(seldom: &mut Seldom<T>, waker: &Waker) -> Poll<T> {
        Pin::new(seldom).poll(&mut Context::from_waker(waker))
    }

    #[test]
    fn asks_once_and_then_when_it_was_woken() {
        let (sender, receiver) = oneshot::channel();
        let (mut seldom, polls) = counted(receiver);
        let wakes = Arc::new(Count::default());
        let waker = Arc::clone(&wakes).into();
        for _ in 0..10 {
            assert_eq!(poll(&mut seldom, &waker), Poll::Pending);
        }
        assert_eq!((polls.get(), wakes.get()), (1, 0));
        sender.send(7).unwrap();
        assert_eq!(wakes.get(), 1);
        assert_eq!(poll(&mut seldom, &waker), Poll::Ready(7));
        assert_eq!(polls.get(), 2);
    }

    #[test]
    fn wakes_the_task_that_polled_last() {
        let (sender, receiver) = oneshot::channel();
        let (mut seldom, polls) = counted(receiver);
        let wakes = Arc::new(Count::default());
        assert_eq!(poll(&mut seldom, &noop_waker()), Poll::Pending);
        assert_eq!(poll(&mut seldom, &Arc::clone(&wakes).into()), Poll::Pending);
        assert_eq!(polls.get(), 1);
        sender.send(()).unwrap();
        assert_eq!(wakes.get(), 1);
    }

    #[test]
    fn is_woken_again_after_a_call_that_brought_nothing() {
        let (sender, receiver) = oneshot::channel::<()>();
        let mut receiver = Some(receiver);
        let mut first = true;
        let mut seldom = Seldom::new(poll_fn(move |context| {
            // The first time, it wakes itself for nothing.
            if std::mem::take(&mut first) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Pin::new(receiver.as_mut().unwrap()).poll(context).map(Result::unwrap)
        }));
        let wakes = Arc::new(Count::default());
        let waker = Arc::clone(&wakes).into();
        assert_eq!(poll(&mut seldom, &waker), Poll::Pending);
        assert_eq!(wakes.get(), 1);
        assert_eq!(poll(&mut seldom, &waker), Poll::Pending);
        sender.send(()).unwrap();
        assert_eq!(wakes.get(), 2);
        assert_eq!(poll(&mut seldom, &waker), Poll::Ready(()));
    }

    #[tokio::test]
    async fn a_timer_goes_off_in_it() {
        Seldom::new(tokio::time::sleep(Duration::from_millis(1))).await;
    }
}
